import { UserError } from '../terra/userError';

export const noSamples = (format: string): UserError =>
	new UserError(
		`This activity has no samples, so there is nothing to write to a ${format} file`,
		'Fetch it with samples.',
	);
