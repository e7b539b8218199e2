import { clock, CREATE_TOKEN, tokenProblem, type Admin } from '../../transport';
import { findingsOf, type Finding } from './finding';
import { DAY_MS } from '../../terra/durations';

const finding = findingsOf('Personal Access Token');
/** Time enough to make a new one. */
const WARN_DAYS = 14;

const NEW_ONE = `${CREATE_TOKEN}, and put it into the Terra Admin API credential.`;

/** What the token may do, and for how long. */
export async function checkToken(admin: Admin): Promise<Finding> {
	const token = await admin.token();
	const problem = tokenProblem(token, admin.devId);
	if (problem) return finding('problem', problem, NEW_ONE);

	const { scopes, expiresAt } = token;
	const about = scopes.includes('testdata:write')
		? 'It may register webhooks and send test events'
		: 'It may register webhooks, but not send test events (testdata:write)';
	if (expiresAt === undefined) return finding('ok', `The token does not expire. ${about}`);

	const days = Math.floor((expiresAt - clock.now()) / DAY_MS);
	const date = new Date(expiresAt).toISOString().slice(0, 10);
	const until = `The token expires on ${date}, in ${days} ${days === 1 ? 'day' : 'days'}. ${about}`;
	return days < WARN_DAYS
		? finding('problem', until, `What is already set up keeps working without it. ${NEW_ONE}`)
		: finding('ok', until);
}
