/** The activity cannot be written in the wanted format. The message says what to choose instead. */
export class ExportImpossible extends Error {
	override readonly name = 'ExportImpossible';
}
