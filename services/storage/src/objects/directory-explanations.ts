import type { Explanations } from '@secureconnect/service';

const rights = {
  problem: 'the directory may not be used',
  remedy: 'Let the user of the service read and write there, or correct STORAGE_DIRECTORY.',
};
const noDirectory = { problem: 'the path is no directory', remedy: 'Correct STORAGE_DIRECTORY.' };
const openFiles = {
  problem: 'too many files are open',
  remedy: 'Raise the limit of open files (ulimit -n).',
};

/** Codes of the file system, in the words of docs/troubleshooting.md. */
export const directoryExplanations: Explanations = {
  EACCES: rights,
  EPERM: rights,
  EROFS: { problem: 'the file system is read-only', remedy: 'Mount it for writing.' },
  ENOENT: { problem: 'the directory is missing', remedy: 'Mount the volume of the files there.' },
  ENOTDIR: noDirectory,
  EEXIST: noDirectory,
  ENOSPC: { problem: 'the disk is full', remedy: 'Free space on it, or enlarge it.' },
  EDQUOT: { problem: 'the quota of the disk is used up', remedy: 'Raise it, or free space.' },
  EMFILE: openFiles,
  ENFILE: openFiles,
};
