/** Tests of live captures. Their files are read by tshark, which knows nothing of vethtrace. */
@NullMarked
package io.vethtrace.lab.capture;

import org.jspecify.annotations.NullMarked;
