import { lostReplies } from './lost-replies.ts';
import { signInModes } from './modes.ts';
import { describeConformance } from './suite.ts';

describeConformance([...signInModes, lostReplies]);
