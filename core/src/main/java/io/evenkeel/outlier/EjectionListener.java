package io.evenkeel.outlier;

/** Hears what becomes of one endpoint. Called in the synchronization context. */
public interface EjectionListener {

  /** The endpoint is to get no calls. */
  void onEjected(Ejection ejection);

  /** Its time is over: it is to get one call at a time, until more is known. */
  void onProbation();

  /** It has proved good: it is to get calls as any other. */
  void onRevived();
}
