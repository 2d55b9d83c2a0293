import type { ProtectedObject } from '../domain/protected-object.js';
import { builder } from './builder.js';

/** Copies lead to their object, and an object to its copies; `protected-object.ts` has its fields. */
export const ProtectedObjectRef = builder.objectRef<ProtectedObject>('ProtectedObject');
