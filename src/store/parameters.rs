//! Gives the parameters of a statement their values.
//!
//! A parameter without a value, which SQLite takes for NULL, and a value without a parameter are
//! mistakes of typing: both are told and neither is run.

use super::complaint::{Complaint, Fault};
use super::tokens::place_of;
use crate::model::Value;
use rusqlite::Statement;
use rusqlite::types::Null;

/// Binds the values by name; `words` fills `:words`, `@words` and `$words`.
pub(super) fn bind(
    statement: &mut Statement<'_>,
    sql: &str,
    parameters: &[(String, Value)],
) -> Result<(), Complaint> {
    let mut used = vec![false; parameters.len()];
    for index in 1..=statement.parameter_count() {
        // `?5` counts five parameters, of which four have no name.
        let name = statement.parameter_name(index).unwrap_or_default().to_owned();
        let Some(bare) = name.strip_prefix([':', '@', '$']) else {
            return Err(wrong(
                sql,
                "?",
                "the statement has a parameter without a name".to_owned(),
                "write :name and give it with --param name=VALUE".to_owned(),
            ));
        };
        let given = parameters.iter().zip(&mut used).rfind(|((given, _), _)| given == bare);
        let Some(((_, value), used)) = given else {
            let hint = format!("add --param {bare}=VALUE");
            return Err(wrong(sql, &name, format!("no value is given for {name}"), hint));
        };
        *used = true;
        bind_one(statement, index, value).map_err(|error| {
            let message = format!("cannot use the value of {name}: {error}");
            wrong(sql, &name, message, "give a shorter one".to_owned())
        })?;
    }
    let unused = parameters.iter().zip(used).find(|(_, used)| !used);
    unused.map_or(Ok(()), |((name, _), _)| Err(unused_value(sql, name, parameters)))
}

fn bind_one(statement: &mut Statement<'_>, index: usize, value: &Value) -> rusqlite::Result<()> {
    match value {
        Value::Null => statement.raw_bind_parameter(index, Null),
        Value::Integer(integer) => statement.raw_bind_parameter(index, integer),
        Value::Real(real) => statement.raw_bind_parameter(index, real),
        Value::Text(text) => statement.raw_bind_parameter(index, text),
        Value::Blob(bytes) => statement.raw_bind_parameter(index, bytes),
    }
}

fn unused_value(sql: &str, name: &str, parameters: &[(String, Value)]) -> Complaint {
    let is_twice = parameters.iter().filter(|(other, _)| other == name).count() > 1;
    let message = match is_twice {
        true => format!("the parameter {name} is given twice"),
        false => format!("the parameter {name} is given, but the statement does not use it"),
    };
    wrong(sql, "", message, format!("in the statement it is written :{name}"))
}

fn wrong(sql: &str, name: &str, message: String, hint: String) -> Complaint {
    Complaint::Wrong(Fault { message, offset: place_of(sql, name), hint: Some(hint) })
}
