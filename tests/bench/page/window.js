/** What all networks of the benchmark are fed with, the shipped one too: HU through this window. */
export const WINDOW = { center: 350, width: 1600 };
