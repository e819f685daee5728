//! Currencies, by their codes of ISO 4217.
//!
//! *Absent on purpose:* rates; amounts of several currencies are never added up.

/// The active codes, funds and metals left out.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN \
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ \
    GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL \
    LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN \
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD \
    TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// What some are called besides; a sign that several share is none of these.
const NAMES: [(&str, &str); 15] = [
    ("RMB", "CNY"),
    ("人民币", "CNY"),
    ("元", "CNY"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("US$", "USD"),
    ("欧元", "EUR"),
    ("€", "EUR"),
    ("港币", "HKD"),
    ("港元", "HKD"),
    ("HK$", "HKD"),
    ("日元", "JPY"),
    ("英镑", "GBP"),
    ("£", "GBP"),
    ("新台币", "TWD"),
];

/// Tells whether a text is the code of a currency.
pub fn is_currency(code: &str) -> bool {
    CODES.split_whitespace().any(|known| known == code)
}

/// Reads a currency as people write it: its code in any case, or its usual name in Chinese.
pub fn read_currency(text: &str) -> Option<String> {
    let code = text.trim().to_uppercase();
    let named = NAMES.iter().find(|(name, _)| *name == code).map(|(_, code)| (*code).to_string());
    named.or_else(|| is_currency(&code).then_some(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_read() {
        for (text, code) in [(" usd", "USD"), ("人民币", "CNY"), ("rmb", "CNY"), ("hk$", "HKD"), ("CNY", "CNY")] {
            assert_eq!(read_currency(text).as_deref(), Some(code), "{text}");
        }
        for text in ["XXQ", "dollar", "$", "", "X"] {
            assert_eq!(read_currency(text), None, "{text}");
        }
        assert!(NAMES.iter().all(|(_, code)| is_currency(code)));
    }
}
