//! stub
use async_graphql::{ID,Object};
use crate::scalar::NodeType;
use crate::access::Gate;
use crate::error::Result;
/// u
#[derive(Clone)] pub struct User(entity::account::Model);
impl From<entity::account::Model> for User { fn from(r: entity::account::Model)->Self{Self(r)} }
impl NodeType for User { const PREFIX: &'static str="User"; }
/// u
#[Object] impl User { 
/// id
pub async fn id(&self)->ID{ Self::node_id(self.0.id)} }
