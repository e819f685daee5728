//! The published form of a score; additive only.

use super::{DimensionScore, Score};
use crate::record::Lang;
use rust_decimal::Decimal;
use serde_json::{Number, Value, json};

impl Score {
    /// Returns `{"total","grade","reachable","missing","dimensions"}`, the facts in `lang`.
    pub fn json(&self, lang: Lang) -> Value {
        json!({
            "total": number(self.total),
            "grade": self.grade,
            "reachable": number(self.reachable),
            "missing": self.missing,
            "dimensions": self.dimensions.iter().map(|dimension| dimension.json(lang)).collect::<Vec<_>>(),
        })
    }
}

impl DimensionScore {
    fn json(&self, lang: Lang) -> Value {
        json!({
            "key": self.key,
            "points": number(self.points),
            "max": number(self.max),
            "tier": self.tier,
            "fact": self.fact.as_ref().map(|fact| fact.get(lang)),
        })
    }
}

/// Returns a JSON number, whole where it is whole: 80, 79.5.
pub(crate) fn number(decimal: Decimal) -> Value {
    serde_json::from_str::<Number>(&decimal.normalize().to_string()).map_or(Value::Null, Value::Number)
}
