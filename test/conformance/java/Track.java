import java.nio.file.Files;
import java.nio.file.Path;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/** Tracks in the run of the job that it is the command of: `java Track.java TRACKING_URI`. */
public class Track {
  public static void main(String[] arguments) throws Exception {
    String run = System.getenv("MLFLOW_RUN_ID");
    MlflowClient client = new MlflowClient(new BasicMlflowHostCreds(arguments[0], System.getenv("MLFLOW_TRACKING_TOKEN")));
    client.logParam(run, "language", "java");
    for (int step = 1; step <= 3; step++) client.logMetric(run, "loss", 1.0 / step, System.currentTimeMillis(), step);
    client.setTag(run, "team", "risk");
    Files.writeString(Path.of("outputs", "report.txt"), "from java");
    System.out.println("experiment " + client.getRun(run).getInfo().getExperimentId());
  }
}
