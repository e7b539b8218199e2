/** The version that every data event has carried so far. */
export const VERSION = '2022-03-16';
