using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Settlement.Http2;

/// <summary>
/// Waits for input with a limit finer than a millisecond, which is as fine as .NET's own poll goes: arrivals come more often.
/// </summary>
internal static partial class SocketWait
{
    private const short Input = 0x1;
    private const int Interrupted = 4;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Whether input (or the end of the connection) is there before the time is over.</summary>
    public static bool ForInput(Socket socket, long nanoseconds)
    {
        PollDescriptor descriptor = new() { Handle = (int)socket.Handle, Events = Input };
        return Wait(ref descriptor, 1, nanoseconds);
    }

    /// <summary>Waits for the time to pass; a signal may end it early.</summary>
    public static void Pause(long nanoseconds)
    {
        PollDescriptor none = default;
        Wait(ref none, 0, nanoseconds);
    }

    private static bool Wait(ref PollDescriptor descriptors, nuint count, long nanoseconds)
    {
        TimeSpec limit = new()
        {
            Seconds = (nint)(nanoseconds / NanosecondsPerSecond),
            Nanoseconds = (nint)(nanoseconds % NanosecondsPerSecond),
        };
        int ready = Poll(ref descriptors, count, in limit, 0);
        if (ready >= 0) return ready > 0;
        int error = Marshal.GetLastPInvokeError();
        return error == Interrupted ? false : throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, in TimeSpec limit, nint signals);

    private struct PollDescriptor
    {
        public int Handle;
        public short Events;
        public short Found;
    }

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
