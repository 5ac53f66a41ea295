//! rooms
mod input;
pub mod tenant;
pub mod unit;
pub mod account;
pub mod award;
pub mod audit;
pub mod submission;
use async_graphql::Context;
use crate::access::Gate;
use crate::error::{Error, Result};
/// How
pub trait Ask { 
    /// gate
    fn gate(&self) -> Result<&Gate>; }
impl Ask for Context<'_> {
    fn gate(&self) -> Result<&Gate> { self.data::<Gate>().map_err(|fault| Error::broken(&fault.message)) }
}
