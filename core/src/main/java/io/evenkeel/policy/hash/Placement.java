package io.evenkeel.policy.hash;

/**
 * Where keys belong: a circle of slots, each of which belongs to one endpoint. Keys whose own
 * endpoint cannot take them try the slots after theirs.
 *
 * <p>Immutable.
 */
public interface Placement {

  /** How many slots there are; at least one. */
  int slots();

  /** The slot of a key; all 64 bits of {@code hash} should be evenly spread. */
  int slotOf(long hash);

  /** The index in the rotation of the endpoint to which {@code slot} belongs. */
  int indexAt(int slot);
}
