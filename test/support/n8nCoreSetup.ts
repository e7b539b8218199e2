import { Container } from '@n8n/di';
import { SSHClientsManager } from 'n8n-core/dist/execution-engine/ssh-clients-manager';

// Runs before n8n-core makes its logger, which reads this once. Tests that read the log spy on the logger.
process.env.N8N_LOG_LEVEL = 'silent';

// Every ExecuteContext makes this manager, whose timer would keep the test process alive.
afterAll(() => Container.get(SSHClientsManager).onShutdown());
