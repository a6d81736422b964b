import { serverModes } from './modes.ts';
import { describeConformance } from './suite.ts';

describeConformance(serverModes);
