//! The numbers that a trial is told on its command line.

/// Those that are typed, in order, else the defaults. It panics where one is no number.
pub(crate) fn told<const N: usize>(defaults: [u64; N]) -> [u64; N] {
    let typed: Vec<u64> =
        std::env::args().skip(1).map(|argument| argument.parse().unwrap()).collect();
    std::array::from_fn(|at| typed.get(at).copied().unwrap_or(defaults[at]))
}
