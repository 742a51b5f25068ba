using System.Diagnostics.Metrics;

namespace Settlement.Cluster.Tests.Support;

/// <summary>How many grains are active in this process, by Orleans' own gauge. Tests that run beside each other see each other's.</summary>
internal sealed class ActivationGauge : IDisposable
{
    private readonly MeterListener listener = new();
    private int activations;

    public ActivationGauge()
    {
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Microsoft.Orleans", Name: "orleans-catalog-activations" })
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => Interlocked.Add(ref activations, value));
        listener.Start();
    }

    /// <summary>The activations of now, over all silos of the process.</summary>
    public int Read()
    {
        Interlocked.Exchange(ref activations, 0);
        listener.RecordObservableInstruments();
        return activations;
    }

    public void Dispose() => listener.Dispose();
}
