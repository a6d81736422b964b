import { FrameId } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';

/** A frame of which no more is known than that it is one. */
export interface RawFrame {
  readonly type: string;
  /** The client's own id, for the answer; absent where it is missing or not fit to be repeated. */
  readonly id: string | undefined;
  readonly value: object;
}

/** Parses the text of a frame. Throws VALIDATION_ERROR. */
export function readFrame(text: string): RawFrame {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError('VALIDATION_ERROR', 'A frame must be a JSON object.');
  }
  const type: unknown = Reflect.get(value, 'type');
  const id = FrameId.safeParse(Reflect.get(value, 'id'));
  return { type: typeof type === 'string' ? type : '', id: id.data, value };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would repeat what the client sent.
    throw new ApiError('VALIDATION_ERROR', 'The frame is not valid JSON.');
  }
}
