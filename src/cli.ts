#!/usr/bin/env node
// The build replaces this module by one that contains the packages too, since loading modules is most of a start.
import './assembly/program.js';
