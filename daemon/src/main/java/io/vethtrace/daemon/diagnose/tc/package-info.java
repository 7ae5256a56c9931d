/** Explains packets that a tc filter or an XDP program drops. */
@NullMarked
package io.vethtrace.daemon.diagnose.tc;

import org.jspecify.annotations.NullMarked;
