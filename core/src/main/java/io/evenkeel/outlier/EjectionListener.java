package io.evenkeel.outlier;

/** Hears what becomes of one endpoint. Called in the synchronization context. */
public interface EjectionListener {

  /**
   * It has failed a while ago and has not answered since. Whoever avoids it for that is to try it
   * again: one that gets no calls would neither be ejected nor cleared.
   */
  void onSuspected();

  /** The endpoint is to get no calls. */
  void onEjected(Ejection ejection);

  /** Its time is over: it is to get one call at a time, until more is known. */
  void onProbation();

  /**
   * It has answered a call on probation, which was not the last it needs. Its next one is not to
   * depend on how long that took: whoever avoids the slow would let it wait for ever.
   */
  void onProbePassed();

  /** It has proved good: it is to get calls as any other. */
  void onRevived();
}
