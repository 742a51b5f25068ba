using Orleans.Runtime;

namespace Orleans;

/// <summary>Base of all grain interfaces.</summary>
public interface IGrain : IAddressable;

/// <summary>Base of grain interfaces whose grains are named by a string.</summary>
public interface IGrainWithStringKey : IGrain;
