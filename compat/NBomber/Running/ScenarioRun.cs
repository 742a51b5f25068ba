using System.Collections.Concurrent;
using NBomber.Contracts;
using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace NBomber.Running;

/// <summary>A scenario while it runs.</summary>
internal sealed class ScenarioRun : IScenarioInitContext, IDisposable
{
    private readonly ScenarioProps scenario;
    private readonly Action<string> stopTest;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, bool> underWay = new();
    private readonly List<Gauge> gauges = [];
    private readonly List<Sample> timeLine = [];
    private long iterations;
    private long started;
    private TimeSpan pauses;
    private TimeSpan? ended;

    public ScenarioRun(ScenarioProps scenario, TimeProvider time, Action<string> stopTest, Action<string> tell)
    {
        this.scenario = scenario;
        this.stopTest = stopTest;
        Time = time;
        Tell = tell;
        Info = new ScenarioInfo { ScenarioName = scenario.ScenarioName, ScenarioDuration = scenario.PlannedDuration };
        Thresholds = [.. scenario.Thresholds.Select(threshold => new ThresholdCheck(scenario.ScenarioName, threshold))];
    }

    public TimeProvider Time { get; }

    public Action<string> Tell { get; }

    public ScenarioInfo Info { get; }

    public ScenarioInfo ScenarioInfo => Info;

    public Recorder Recorder { get; } = new();

    public ThresholdCheck[] Thresholds { get; }

    public IReadOnlyList<Sample> TimeLine => timeLine;

    public CancellationToken Stopping => stopping.Token;

    /// <summary>Iterations begun and not ended.</summary>
    public int UnderWay => underWay.Count;

    public IEnumerable<GaugeStats> Gauges => gauges.Select(gauge => gauge.Stats);

    /// <summary>Time since the load began, until it ended.</summary>
    public TimeSpan Elapsed => ended ?? (started == 0 ? TimeSpan.Zero : Time.GetElapsedTime(started));

    public void RegisterMetric(IGauge gauge) => gauges.Add((Gauge)gauge);

    public Task InitAsync() => scenario.Init?.Invoke(this) ?? Task.CompletedTask;

    public void StopTest(string reason) => stopTest(reason);

    public void Stop() => stopping.Cancel();

    public void Dispose() => stopping.Dispose();

    /// <summary>Plays all simulations, then waits for what is under way.</summary>
    /// <param name="patience">Longest wait for iterations after the load.</param>
    public async Task RunAsync(TimeSpan patience)
    {
        started = Time.GetTimestamp();
        TimeSpan end = TimeSpan.Zero;
        foreach (LoadSimulation simulation in scenario.Simulations)
        {
            if (Stopping.IsCancellationRequested) break;
            TimeSpan begin = end;
            end += simulation.During;
            switch (simulation)
            {
                case LoadSimulation.Inject inject:
                    await InjectAsync(inject, begin).ConfigureAwait(false);
                    break;
                case LoadSimulation.KeepConstant constant:
                    await KeepAsync(constant, end).ConfigureAwait(false);
                    break;
                default:
                    await UntilAsync(end).ConfigureAwait(false);
                    pauses += simulation.During;
                    break;
            }
        }

        Stop();
        ended = Time.GetElapsedTime(started);
        try
        {
            await Task.WhenAll(underWay.Keys).WaitAsync(patience, Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Tell($"{scenario.ScenarioName}: {UnderWay} iterations had not ended {patience.TotalSeconds:0} s after the load and are not counted");
        }
    }

    /// <summary>Adds the last second to the time line.</summary>
    public Sample TakeSample()
    {
        Sample sample = Recorder.Iterations.TakeSample(Elapsed);
        timeLine.Add(sample);
        return sample;
    }

    /// <summary>The figures so far.</summary>
    public ScenarioStats Stats()
    {
        TimeSpan executed = Elapsed - pauses;
        (MeasurementStats ok, MeasurementStats failed) = Recorder.Iterations.Stats(executed);
        return new ScenarioStats
        {
            ScenarioName = scenario.ScenarioName,
            Ok = ok,
            Fail = failed,
            StepStats = Recorder.Steps(executed),
            Duration = TimeSpan.FromSeconds(Math.Round(Elapsed.TotalSeconds)),
        };
    }

    // The moments come from the plan alone: a slow answer, or a late wake-up of this loop, moves none of them.
    private async Task InjectAsync(LoadSimulation.Inject inject, TimeSpan begin)
    {
        for (TimeSpan interval = begin; interval < begin + inject.During && !Stopping.IsCancellationRequested; interval += inject.Interval)
        {
            for (int copy = 0; copy < inject.Rate; copy++) Begin(OnceAsync(interval + (inject.Interval * Random.Shared.NextDouble())));
            await UntilAsync(interval + inject.Interval).ConfigureAwait(false);
        }
    }

    private async Task OnceAsync(TimeSpan moment)
    {
        await UntilAsync(moment).ConfigureAwait(false);
        if (!Stopping.IsCancellationRequested) await IterateAsync(Random.Shared).ConfigureAwait(false);
    }

    private async Task KeepAsync(LoadSimulation.KeepConstant constant, TimeSpan end)
    {
        for (int copy = 0; copy < constant.Copies; copy++) Begin(Task.Run(() => CopyAsync(end)));
        await UntilAsync(end).ConfigureAwait(false);
    }

    private async Task CopyAsync(TimeSpan end)
    {
        Random random = new();
        while (Elapsed < end && !Stopping.IsCancellationRequested) await IterateAsync(random).ConfigureAwait(false);
    }

    private Task<IResponse> IterateAsync(Random random)
    {
        Iteration iteration = new(this, Interlocked.Increment(ref iterations), random);
        return iteration.MeasureAsync<IResponse>(
            Recorder.Whole, () => scenario.Run(iteration), (code, message, size, latency) =>
                Response.Fail<object>(code, message, size, latency));
    }

    private void Begin(Task task)
    {
        underWay.TryAdd(task, true);
        task.ContinueWith(ended => underWay.TryRemove(ended, out _), TaskContinuationOptions.ExecuteSynchronously);
    }

    private async Task UntilAsync(TimeSpan moment)
    {
        TimeSpan wait = moment - Elapsed;
        if (wait <= TimeSpan.Zero) return;
        try
        {
            await Task.Delay(wait, Time, Stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // The load ends early; the callers see the same token.
        }
    }
}
