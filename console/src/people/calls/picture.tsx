import { useEffect, useRef } from 'preact/hooks';
import { classes } from '../../ui/classes.ts';

interface PictureProps {
  readonly stream: MediaStream;
  readonly label: string;
  readonly isMuted?: boolean;
  readonly class?: string;
}

/** Pictures and sound of somebody, or of a screen. */
export function Picture({ stream, label, isMuted = false, class: className }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const { current } = video;
    if (current === null) return;
    current.srcObject = stream;
    // The attribute alone is not heeded for an element that is made by a script.
    current.muted = isMuted;
  }, [stream, isMuted]);
  return (
    <video
      ref={video}
      autoplay
      playsInline
      muted={isMuted}
      aria-label={label}
      class={classes('rounded-md bg-black object-contain', className)}
    />
  );
}
