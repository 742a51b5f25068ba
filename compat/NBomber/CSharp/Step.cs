using NBomber.Contracts;
using NBomber.Running;

namespace NBomber.CSharp;

/// <summary>A measured part of an iteration.</summary>
public static class Step
{
    /// <summary>Runs and measures a part. When it fails, the iteration ends as failed and the copy goes on to its next.</summary>
    /// <param name="name">Its name; "global information" is the iteration's own.</param>
    /// <param name="context">The iteration.</param>
    /// <param name="run">The part.</param>
    public static async Task<Response<T>> Run<T>(string name, IScenarioContext context, Func<Task<Response<T>>> run)
    {
        if (name == Recorder.Whole) context.StopCurrentTest($"'{Recorder.Whole}' is not the name of a step: choose another.");
        Response<T> response = await ((Iteration)context).MeasureAsync(name, run, Response.Fail<T>).ConfigureAwait(false);
        return response.IsError ? throw new FailedStepException() : response;
    }
}
