use super::super::Options;
use super::*;
use crate::model::Kind;
