using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a serialiser puts one message.</summary>
public abstract class SerializationContext
{
    /// <summary>Takes the whole message at once.</summary>
    /// <exception cref="NotSupportedException">This context takes no arrays.</exception>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException();

    /// <summary>The buffer to write the message to; call <see cref="Complete()" /> afterwards.</summary>
    /// <exception cref="NotSupportedException">This context has no buffer.</exception>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException();

    /// <summary>Announces the exact size in bytes, so that no copy is needed.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>Ends what was written to <see cref="GetBufferWriter" />.</summary>
    /// <exception cref="NotSupportedException">This context has no buffer.</exception>
    public virtual void Complete() => throw new NotSupportedException();
}

/// <summary>Where a deserialiser finds one message.</summary>
public abstract class DeserializationContext
{
    /// <summary>Size of the message in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>The message in an array of its own.</summary>
    /// <exception cref="NotSupportedException">This context makes no arrays.</exception>
    public virtual byte[] PayloadAsNewBuffer() => throw new NotSupportedException();

    /// <summary>The message in the transport's buffers; valid only until the deserialiser returns.</summary>
    /// <exception cref="NotSupportedException">This context has no sequence.</exception>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotSupportedException();
}
