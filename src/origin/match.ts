/**
 * How well a history entry fits an instruction.
 * `same`: kind and recorded text agree. `partly`: the kind agrees, and what is recorded of the text (a destination, a
 * name) does not contradict. `no`: another kind or another text.
 */
export type Match = "same" | "partly" | "no";
