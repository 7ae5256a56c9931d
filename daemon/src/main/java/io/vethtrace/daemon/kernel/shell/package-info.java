/** The host's shell: words quoted for it, and programs that are run for their output. */
@NullMarked
package io.vethtrace.daemon.kernel.shell;

import org.jspecify.annotations.NullMarked;
