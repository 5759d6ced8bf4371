/**
 * How well a history entry fits an instruction. `same`: kind and recorded text agree. `partly`: the kind agrees, and
 * the recorded part of the text (a destination, a name) does not differ. `no`: the kind or the text differs.
 */
export type Match = "same" | "partly" | "no";
