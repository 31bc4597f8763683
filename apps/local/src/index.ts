export { examplePicture } from './example-picture.ts';
export { type Stack, type StackOptions, startStack } from './stack/stack.ts';
