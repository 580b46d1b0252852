//! The inside of a reader process: reads one document after the other until nobody asks any more.
//!
//! It opens no file and no connection, and it ends as soon as whoever started it is gone, even in the
//! middle of a document: the thread that listens is not the one that reads.

use super::frame::{self, Answer, Order};
use super::{Allowance, STACK, caught, limits};
use crate::format::Input;
use std::io::{self, Read, Write};
use std::panic;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Builder;

/// Answers orders on `orders` with what the readers make of them on `answers`, each within
/// the allowance, until the orders end.
///
/// # Errors
/// When the orders are not those of this program, or a bound or a thread cannot be had.
pub fn serve(
    allowance: Allowance,
    orders: &mut dyn Read,
    answers: impl Write + Send + 'static,
) -> io::Result<()> {
    limits::leave_no_core()?;
    // Whoever started this process tells what became of the document.
    panic::set_hook(Box::new(|_| {}));
    let (hand_over, handed) = sync_channel(0);
    // Never joined: at the end of the orders nobody wants what it is at.
    Builder::new().stack_size(STACK).spawn(move || read_all(&handed, answers))?;
    while let Some(begun) = frame::begin::<Order>(orders)? {
        limits::bound_memory(allowance.memory.saturating_add(begun.body_length))?;
        limits::bound_time(allowance.time)?;
        let body = frame::body_of(orders, begun.body_length)?;
        if hand_over.send((begun.head, body)).is_err() {
            break;
        }
    }
    Ok(())
}

fn read_all(handed: &Receiver<(Order, Vec<u8>)>, mut answers: impl Write) {
    for (order, bytes) in handed {
        // Nobody listens any more when it cannot be written.
        let Ok(()) = reply(order, &bytes, &mut answers) else { return };
    }
}

pub(super) fn reply(order: Order, bytes: &[u8], answers: &mut dyn Write) -> io::Result<()> {
    let answer: Answer = match order.take() {
        Some((format, name, options)) => {
            caught(format, &Input { bytes, name: &name, options: &options })
        }
        None => Err("no reader has this name (a defect of fonds)".to_owned()),
    };
    frame::write_answer(answers, answer)
}
