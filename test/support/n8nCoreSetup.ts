import { Container } from '@n8n/di';
import { SSHClientsManager } from 'n8n-core/dist/execution-engine/ssh-clients-manager';

// Set before n8n-core creates its logger, which reads this once. Tests that need the log spy on the logger.
process.env.N8N_LOG_LEVEL = 'silent';

// Every ExecuteContext creates this manager, whose timer would keep the test process alive.
afterAll(() => Container.get(SSHClientsManager).onShutdown());
