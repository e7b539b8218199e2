export { rideChart } from './chart';
