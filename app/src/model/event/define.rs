//! What the list of events and the list of what surrounds them are turned into.

macro_rules! events {
    ($(
        #[doc = $about:literal]
        $kind:ident = $name:literal, $purpose:ident, $teller:ident {
            $(#[doc = $field_about:literal] $field:ident: $type:ty,)*
        }
    )*) => {
        /// Something a reader did. On the wire its name stands in `kind`, beside its fields.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", deny_unknown_fields)]
        pub enum Event {
            $(
                #[doc = $about]
                #[serde(rename = $name)]
                $kind {
                    $(
                        #[doc = $field_about]
                        #[serde(default = "Field::absent", skip_serializing_if = "Field::is_absent")]
                        $field: $type,
                    )*
                },
            )*
        }

        impl Event {
            /// Every kind, in the order of the manual.
            pub const KINDS: &'static [Kind] = &[$(
                Kind {
                    name: $name,
                    about: $about.trim_ascii(),
                    purpose: Purpose::$purpose,
                    teller: Teller::$teller,
                    fields: &[$(
                        FieldOf {
                            name: stringify!($field),
                            about: $field_about.trim_ascii(),
                            shape: <$type as Field>::shape,
                        },
                    )*],
                },
            )*];

            /// Its name on the wire.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$kind { .. } => $name,)* }
            }

            /// What its reader must have granted before anything ties it to a session.
            pub fn purpose(&self) -> Purpose {
                match self { $(Self::$kind { .. } => Purpose::$purpose,)* }
            }

            pub fn teller(&self) -> Teller {
                match self { $(Self::$kind { .. } => Teller::$teller,)* }
            }

            /// Puts every text through `mask`, which takes out what names a person.
            pub fn mask(&mut self, mask: &impl Fn(&str) -> Option<String>) {
                match self { $(Self::$kind { $($field),* } => { $(Field::mask($field, mask);)* })* }
            }

            /// The first field that is missing or out of its bounds.
            pub fn check(&self) -> Result<(), Fault> {
                match self {
                    $(Self::$kind { $($field),* } => {
                        $(Field::check($field).map_err(|what| Fault { field: stringify!($field), what })?;)*
                        Ok(())
                    })*
                }
            }
        }
    };
}

macro_rules! context {
    ($($(#[doc = $about:literal])+ $field:ident: $type:ty,)*) => {
        /// What surrounds an event: filled in by the server, or by the page where only it knows.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Context {
            $($(#[doc = $about])+ #[serde(skip_serializing_if = "Field::is_absent")] pub $field: Option<$type>,)*
        }

        impl Context {
            pub const FIELDS: &'static [FieldOf] = &[$(
                FieldOf {
                    name: stringify!($field),
                    about: concat!($($about,)+).trim_ascii(),
                    shape: <Option<$type> as Field>::shape,
                },
            )*];

            /// Puts every text through `mask`, which takes out what names a person.
            pub fn mask(&mut self, mask: &impl Fn(&str) -> Option<String>) {
                $(Field::mask(&mut self.$field, mask);)*
            }

            /// The first field that is out of its bounds.
            pub fn check(&self) -> Result<(), Fault> {
                $(Field::check(&self.$field).map_err(|what| Fault { field: stringify!($field), what })?;)*
                Ok(())
            }
        }
    };
}

pub(super) use {context, events};
