/**
 * Tests of the daemon as a service, of the installed files, and of machines that lack something.
 */
@NullMarked
package io.vethtrace.lab.service;

import org.jspecify.annotations.NullMarked;
