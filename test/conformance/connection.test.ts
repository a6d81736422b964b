import { connectionModes } from './modes.ts';
import { describeConformance } from './suite.ts';

describeConformance(connectionModes);
