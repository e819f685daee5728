//! A TOML text as a tree of items that gives the same bytes back.
//!
//! The merge works on these items, not on values: each has with it the comments above, the layout and the
//! comment behind, so that what nobody changed is handed on as it stands.

/// Something that has a name among its siblings: a line `key = value`, a section, an item of a list.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// What it is called.
    pub id: Id,
    /// What stands before it: comments and blank lines; inside brackets all up to the value.
    pub lead: String,
    /// `key = ` with its indent, or the header `[custom]`; empty for items of a list.
    pub head: String,
    /// What it holds.
    pub body: Body,
    /// The rest of its line, with the line end; inside brackets the comma and a comment.
    pub trail: String,
}

/// What an item is called among its siblings.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Id {
    /// `a = 1`, or with several parts `a.b = 1`.
    Pair(Vec<String>),
    /// `[a.b]`, under the element of an array of tables without that array's part.
    Section(Vec<String>),
    /// An element of the array of tables `[[a.b]]`, or with no part an item of a list.
    Element(Vec<String>, Which),
}

/// Which element of a list it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Which {
    /// So many stand before it; as it was parsed.
    Nth(usize),
    /// It was in the base, there with so many before it.
    Base(usize),
    /// It is new: what it is known by, and how many of that stand before it.
    New(String, usize),
}

/// What an item holds.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// A single value, as it is written.
    Scalar(String),
    /// `[1, 2]`
    List(Seq),
    /// `{ a = 1 }`
    Inline(Seq),
    /// The lines under a header, then the sections that belong to it.
    Section(Vec<Item>),
}

/// Items between brackets.
#[derive(Debug, Clone)]
pub(super) struct Seq {
    /// The items, each with its comma in `trail`.
    pub items: Vec<Item>,
    /// What stands before the closing bracket.
    pub close: String,
}

/// A whole text.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// Lines before the first header, then sections.
    pub items: Vec<Item>,
    /// Comments and blank lines behind all.
    pub tail: String,
}

impl Id {
    /// Returns its parts.
    pub fn path(&self) -> &[String] {
        let (Id::Pair(path) | Id::Section(path) | Id::Element(path, _)) = self;
        path
    }

    /// Tells whether it stands under a header of its own, behind all lines.
    pub fn is_section(&self) -> bool {
        matches!(self, Id::Section(_)) || matches!(self, Id::Element(path, _) if !path.is_empty())
    }
}

impl Body {
    /// Returns it as it is written.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Body::Scalar(text) => out.push_str(text),
            Body::List(seq) => seq.write(out, ["[", "]"]),
            Body::Inline(seq) => seq.write(out, ["{", "}"]),
            Body::Section(items) => items.iter().for_each(|item| item.write(out)),
        }
    }
}

impl Seq {
    fn write(&self, out: &mut String, [open, close]: [&str; 2]) {
        out.push_str(open);
        self.items.iter().for_each(|item| item.write(out));
        out.push_str(&self.close);
        out.push_str(close);
    }
}

impl Item {
    /// A section's trail stands between header and lines, any other behind the value.
    fn write(&self, out: &mut String) {
        out.push_str(&self.lead);
        out.push_str(&self.head);
        if let Body::Section(items) = &self.body {
            out.push_str(&self.trail);
            items.iter().for_each(|item| item.write(out));
        } else {
            self.body.write(out);
            out.push_str(&self.trail);
        }
    }
}

impl Document {
    /// Returns the text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.items.iter().for_each(|item| item.write(&mut out));
        out + &self.tail
    }
}
