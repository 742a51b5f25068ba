using NBomber.Contracts;

namespace NBomber.Running;

/// <summary>A step failed: the iteration ends.</summary>
internal sealed class FailedStepException : Exception;

/// <summary>One iteration of a scenario.</summary>
internal sealed class Iteration(ScenarioRun run, long number, Random random) : IScenarioContext
{
    // The codes by which NBomber tells what no response told.
    private const string TimedOut = "-100";
    private const string Unhandled = "-101";

    public ScenarioInfo ScenarioInfo => run.Info;

    public long InvocationNumber => number;

    public CancellationToken ScenarioCancellationToken => run.Stopping;

    public Random Random => random;

    public void StopCurrentTest(string reason) => run.StopTest(reason);

    /// <summary>Runs and measures; what is thrown becomes a failed response.</summary>
    /// <param name="name">Under which name.</param>
    /// <param name="action">What to run.</param>
    /// <param name="fail">Makes a failed response of code, message, size and latency.</param>
    public async Task<T> MeasureAsync<T>(string name, Func<Task<T>> action, Func<string, string, long, double, T> fail)
        where T : IResponse
    {
        long start = run.Time.GetTimestamp();
        T response;
        try
        {
            response = await action().ConfigureAwait(false);
        }
        catch (FailedStepException)
        {
            response = fail("", "", 0, 0);
        }
        catch (OperationCanceledException)
        {
            response = fail(TimedOut, "operation timeout", 0, 0);
        }
        catch (Exception error)
        {
            run.Tell($"{name}: {error}");
            response = fail(Unhandled, error.Message, 0, 0);
        }

        run.Recorder[name].Add(response, run.Time.GetElapsedTime(start));
        return response;
    }
}
