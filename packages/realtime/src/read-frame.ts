import { FrameId } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';

/** A parsed frame whose contents are not validated yet. */
export interface RawFrame {
  readonly type: string;
  /** The client's id for the reply; undefined if it is missing or invalid. */
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
    // The parser's message would quote the client's text.
    throw new ApiError('VALIDATION_ERROR', 'The frame is not valid JSON.');
  }
}
