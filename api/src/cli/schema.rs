//! `thidua schema`: the schema as text.
//! No database and no configuration is needed here.

pub(super) fn print() -> anyhow::Result<()> {
    super::out::text(&crate::app::sdl())?;
    Ok(())
}
