using System.Security.Cryptography.X509Certificates;

namespace Settlement.Client;

/// <summary>How a <see cref="FacilityClient"/> reaches the server, and how long it tries.</summary>
public sealed record SettlementClientOptions
{
    /// <summary>Address of gRPC: <c>https://...</c>, or <c>http://...</c> within a trusted network.</summary>
    public required Uri Server { get; init; }

    /// <summary>The bearer key; null where the client certificate says who calls.</summary>
    public string? Key { get; init; }

    /// <summary>Certificate of the facility for mutual TLS, with its private key.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Roots that the server's certificate must come from; null: those of the machine.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>Longest wait for one answer.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for one request with all its attempts and pauses.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>First pause between attempts; each further one is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest pause between attempts.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">Names the option and its value.</exception>
    public void Validate()
    {
        if (!Server.IsAbsoluteUri || Server.Scheme is not ("http" or "https"))
            throw new ArgumentException($"Server is '{Server}': expected http://HOST:PORT or https://HOST:PORT.");
        if (Server.Scheme == "http" && (ClientCertificate is not null || TrustedRoots is not null))
            throw new ArgumentException($"Server is '{Server}': certificates need https.");
        foreach ((string name, TimeSpan value) in ((string, TimeSpan)[])
            [(nameof(CallDeadline), CallDeadline), (nameof(Patience), Patience), (nameof(FirstPause), FirstPause),
                (nameof(LongestPause), LongestPause)])
        {
            if (value <= TimeSpan.Zero) throw new ArgumentException($"{name} is {value}: it must be more than nothing.");
        }
    }
}
