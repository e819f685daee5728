//! Reads a TOML text into a tree of items.

use super::tree::{Body, Document, Id, Item, Seq, Which};
use toml::de::DeTable;
use toml_parser::parser::{Event, EventKind as E, parse_document};
use toml_parser::{Raw, Source};

/// Reads a text whose last line is ended; nothing when it is not TOML, and when a section stands apart from the array
/// element it continues: as a tree such a text has another order.
pub(super) fn parse(text: &str) -> Option<Document> {
    DeTable::parse(text).ok()?;
    let tokens = Source::new(text).lex().into_vec();
    let mut events: Vec<Event> = Vec::new();
    parse_document(&tokens, &mut events, &mut ());
    let (blocks, tail) = Reader { text, events: &events, at: 0 }.blocks();
    let mut items = Vec::new();
    blocks.into_iter().for_each(|block| place(&mut items, block));
    let document = Document { items, tail };
    (document.text() == text).then_some(document)
}

/// Puts a block where it belongs: a section that continues the last element of an array of tables into that
/// element, anything else behind what there is.
fn place(items: &mut Vec<Item>, mut block: Item) {
    let path = block.id.path();
    let continues = |item: &Item| {
        let own = item.id.path();
        matches!(item.id, Id::Element(..)) && path.len() > own.len() && path.starts_with(own)
    };
    let holder = items.iter().rposition(continues).filter(|_| block.id.is_section());
    if let Some(holder) = holder.and_then(|at| items.get_mut(at)) {
        let known = holder.id.path().len();
        let (Id::Pair(path) | Id::Section(path) | Id::Element(path, _)) = &mut block.id;
        path.drain(..known);
        if let Body::Section(inner) = &mut holder.body {
            return place(inner, block);
        }
    }
    if let Id::Element(own, which) = &mut block.id {
        let before = items.iter().filter(|item| matches!(&item.id, Id::Element(path, _) if path == own));
        *which = Which::Nth(before.count());
    }
    items.push(block);
}

/// A walk over the parser's events, which are those of a text that is TOML.
struct Reader<'t, 'e> {
    text: &'t str,
    events: &'e [Event],
    at: usize,
}

impl Reader<'_, '_> {
    fn kind(&self) -> Option<E> {
        self.events.get(self.at).map(Event::kind)
    }

    /// Returns where the next event starts; the end of the text behind the last.
    fn start(&self) -> usize {
        self.events.get(self.at).map_or(self.text.len(), |event| event.span().start())
    }

    /// Returns where the last event ended.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.events.get(at)).map_or(0, |event| event.span().end())
    }

    fn slice(&self, from: usize, to: usize) -> String {
        self.text.get(from..to).unwrap_or_default().to_string()
    }

    fn skip(&mut self, kinds: &[E]) {
        while self.kind().is_some_and(|kind| kinds.contains(&kind)) {
            self.at += 1;
        }
    }

    /// Reads the lines before the first header, the sections with their lines, and what stands behind all.
    fn blocks(&mut self) -> (Vec<Item>, String) {
        let mut blocks: Vec<Item> = Vec::new();
        let mut done = 0;
        loop {
            self.skip(&[E::Whitespace, E::Comment, E::Newline]);
            let Some(kind) = self.kind() else { return (blocks, self.slice(done, self.text.len())) };
            let line = self.text[..self.start()].rfind('\n').map_or(0, |at| at + 1);
            let lead = self.slice(done, line);
            let mut item = match kind {
                E::StdTableOpen | E::ArrayTableOpen => self.header(line),
                _ => self.pair(line),
            };
            let behind = self.end();
            self.skip(&[E::Whitespace, E::Comment]);
            if self.kind() == Some(E::Newline) {
                self.at += 1;
            }
            done = self.end();
            item.lead = lead;
            item.trail = self.slice(behind, done);
            match blocks.last_mut() {
                Some(Item { body: Body::Section(lines), .. }) if !item.id.is_section() => lines.push(item),
                _ => blocks.push(item),
            }
        }
    }

    fn header(&mut self, from: usize) -> Item {
        let is_array = self.kind() == Some(E::ArrayTableOpen);
        self.at += 1;
        let path = self.keys(&[E::StdTableClose, E::ArrayTableClose]);
        let id = if is_array { Id::Element(path, Which::Nth(0)) } else { Id::Section(path) };
        let head = self.slice(from, self.end());
        Item { id, lead: String::new(), head, body: Body::Section(Vec::new()), trail: String::new() }
    }

    /// Reads a key with its value; what is before the key from `from` on counts to it.
    fn pair(&mut self, from: usize) -> Item {
        let id = Id::Pair(self.keys(&[E::KeyValSep]));
        self.skip(&[E::Whitespace]);
        let head = self.slice(from, self.start());
        Item { id, lead: String::new(), head, body: self.value(), trail: String::new() }
    }

    /// Reads the parts of a key up to and with the event that ends it.
    fn keys(&mut self, until: &[E]) -> Vec<String> {
        let mut keys = Vec::new();
        while let Some(event) = self.events.get(self.at) {
            self.at += 1;
            if until.contains(&event.kind()) {
                break;
            }
            if event.kind() == E::SimpleKey {
                let (span, mut key) = (event.span(), String::new());
                let raw = self.text.get(span.start()..span.end()).unwrap_or_default();
                Raw::new_unchecked(raw, event.encoding(), span).decode_key(&mut key, &mut ());
                keys.push(key);
            }
        }
        keys
    }

    fn value(&mut self) -> Body {
        let (kind, from) = (self.kind(), self.start());
        self.at += 1;
        match kind {
            Some(E::ArrayOpen) => Body::List(self.seq(E::ArrayClose)),
            Some(E::InlineTableOpen) => Body::Inline(self.seq(E::InlineTableClose)),
            _ => Body::Scalar(self.slice(from, self.end())),
        }
    }

    /// Reads what is between brackets, up to and with the closing one.
    fn seq(&mut self, close: E) -> Seq {
        let (mut items, mut done) = (Vec::new(), self.end());
        loop {
            self.skip(&[E::Whitespace, E::Comment, E::Newline]);
            let lead = self.slice(done, self.start());
            match self.kind() {
                Some(kind) if kind != close => {}
                _ => {
                    self.at += 1;
                    return Seq { items, close: lead };
                }
            }
            let mut item = if close == E::ArrayClose {
                let id = Id::Element(Vec::new(), Which::Nth(items.len()));
                Item { id, lead: String::new(), head: String::new(), body: self.value(), trail: String::new() }
            } else {
                self.pair(self.start())
            };
            let behind = self.end();
            self.comma();
            done = self.end();
            item.lead = lead;
            item.trail = self.slice(behind, done);
            items.push(item);
        }
    }

    /// Goes past the comma, if there is one, and past a comment on the same line.
    fn comma(&mut self) {
        let before = self.at;
        self.skip(&[E::Whitespace, E::Comment, E::Newline]);
        if self.kind() == Some(E::ValueSep) {
            self.at += 1;
        } else {
            self.at = before;
        }
        let behind = self.at;
        self.skip(&[E::Whitespace]);
        if self.kind() == Some(E::Comment) {
            self.at += 1;
        } else {
            self.at = behind;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "# top\n\na = 1 # one\n \"b c\".d = [ 'x' , # x\n  # y\n  \"y\"\n] # l\ne = { f = 1, g = [[1], {h=2}] }\n\n\
                        # s\n[custom] # c\nz=\"\"\"\n[x]\n\"\"\"\n[[contacts]]\nname = \"甲\"\n[contacts.custom]\nq = 1\n\
                        [[contacts]]\n[other]\n# end\n";

    #[test]
    fn gives_the_same_text_back() {
        assert_eq!(parse(TEXT).unwrap().text(), TEXT);
        for text in
            ["", "# only\n", "a = 1\n", "[a]\n", "a = []\nb = [ ]\nc = {}\nd = [ # c\n]\n", "[[a]]\n[[a.b]]\n[[a]]\n"]
        {
            assert_eq!(parse(text).unwrap().text(), text);
        }
        assert!(parse("a = 1\na = 2\n").is_none());
        assert!(parse("[[a]]\n[[b]]\n[[a.c]]\n").is_none(), "it would come back in another order");
    }

    #[test]
    fn sections_lie_in_the_element_they_continue() {
        let document = parse(TEXT).unwrap();
        let ids: Vec<String> = document.items.iter().map(|item| format!("{:?}", item.id)).collect();
        assert_eq!(
            ids,
            [
                "Pair([\"a\"])",
                "Pair([\"b c\", \"d\"])",
                "Pair([\"e\"])",
                "Section([\"custom\"])",
                "Element([\"contacts\"], Nth(0))",
                "Element([\"contacts\"], Nth(1))",
                "Section([\"other\"])"
            ]
        );
        let Body::Section(lines) = &document.items[4].body else { panic!() };
        assert_eq!(lines[1].id, Id::Section(vec!["custom".into()]));
        let Body::List(list) = &document.items[1].body else { panic!() };
        assert_eq!([&*list.items[0].trail, &*list.items[1].lead, &*list.close], [" , # x", "\n  # y\n  ", "\n"]);
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "([a-c\"'.]{1,3} ?= ?(1|\\[1, ?2 ?,?\\]|\\{ a=1 \\}|\"x\"|\\[\n# c\n'y' # d\n, 2]) ?(# e)?\n|# f\n|\n|\\[\\[?[ab](\\.c)?\\]?\\]\n){0,12}") {
            if let Some(document) = parse(&text) {
                prop_assert_eq!(document.text(), text);
            }
        }
    }
}
