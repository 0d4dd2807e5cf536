"""nbval's strictness, minus what differs between computers. At the top, because it has to reach notebooks/ as well."""


def pytest_collectstart(collector):
    """Leave log lines and drawings as SVG out of the comparison; nbval itself leaves out PNG and JPEG."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("stderr", "image/svg+xml")
