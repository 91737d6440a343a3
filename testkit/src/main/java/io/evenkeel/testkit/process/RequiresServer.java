package io.evenkeel.testkit.process;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that needs commands which a machine may lack, such as {@code etcd}. Where one is missing
 * the test is skipped, with its name in the report; where the environment says {@code CI=true} it
 * fails, so that nothing is proved by skipping.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresServerCondition.class)
public @interface RequiresServer {

  /** The commands, all of which must be on the PATH. */
  String[] value();
}
