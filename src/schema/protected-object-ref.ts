import type { ProtectedObject } from '../domain/protected-object.js';
import { builder } from './builder.js';

/** The type without its fields, because copies refer to their object and the object to its copies. `protected-object.ts` has the fields. */
export const ProtectedObjectRef = builder.objectRef<ProtectedObject>('ProtectedObject');
