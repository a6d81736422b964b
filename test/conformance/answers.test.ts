import { answerModes } from './modes.ts';
import { describeConformance } from './suite.ts';

describeConformance(answerModes);
