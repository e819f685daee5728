//! Public SSH keys, as users' files hold them.

/// Returns type and data of a public key, `ssh-ed25519 AAAA…`, without its comment; none when it is no key.
pub fn public_key(line: &str) -> Option<String> {
    let mut parts = line.split_whitespace();
    let (kind, data) = (parts.next()?, parts.next()?);
    let is_kind = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].iter().any(|start| kind.starts_with(start));
    let is_plain = kind.chars().all(|c| c.is_ascii_alphanumeric() || "-@.".contains(c));
    let is_data = data.len() > 16 && data.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c));
    (is_kind && is_plain && is_data).then(|| format!("{kind} {data}"))
}

#[cfg(test)]
mod tests {
    use super::public_key;

    #[test]
    fn type_and_data_without_the_comment() {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample";
        assert_eq!(public_key(&format!(" {key} li@example.com ")).as_deref(), Some(key));
        for odd in [
            "",
            "ssh-ed25519",
            "AAAAC3NzaC1lZDI1NTE5AAAA",
            "* AAAAC3NzaC1lZDI1NTE5AAAA",
            "ssh-x a\"b……AAAAC3NzaC1lZDI1NTE5",
        ] {
            assert_eq!(public_key(odd), None, "{odd}");
        }
    }
}
